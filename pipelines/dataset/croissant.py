"""The snapshot in the words of Croissant (MLCommons, version 1.0): files, tables, columns, types.

https://docs.mlcommons.org/croissant/docs/croissant-spec.html. Checksums of the files are in
`manifest.json`: which files a table has is said by a pattern, as readers of Croissant take it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from pipelines.dataset.columns import MEANINGS, TABLE_MEANINGS
from pipelines.dataset.huggingface import readable
from pipelines.dataset.manifest import Manifest
from pipelines.schema import TABLES, Table

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
# Which part of the standard's vocabulary each word is; as in its own examples, in their order.
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(
    manifest: Manifest, name: str, rights: str, cite_as: str, languages: Sequence[str]
) -> dict[str, Any]:
    """The document, to be written as JSON."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": name,
        "description": "News and blog articles as their publishers' pages had them. "
        + " ".join(f"{table}: {TABLE_MEANINGS[table]}." for table in TABLES),
        "license": rights,
        "url": "https://github.com/colporteur/colporteur",
        "version": f"{manifest.schema_version}.{int(manifest.snapshot)}.0",
        "datePublished": manifest.created,
        "citeAs": cite_as,
        "inLanguage": list(languages),
        "distribution": [_files(table) for table in TABLES],
        "recordSet": [_record_set(table) for table in TABLES],
    }


def _files(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{table}-files",
        "name": f"{table}-files",
        "description": f"The files of {table}, by month.",
        "encodingFormat": "application/x-parquet",
        "includes": f"{table}/*/*.parquet",
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": TABLE_MEANINGS[table],
        "field": [_field(table, field) for field in readable(table)],
    }


def _field(table: Table, field: pa.Field) -> dict[str, Any]:
    own_id = f"{table}/{field.name}"
    source = {"fileSet": {"@id": f"{table}-files"}, "extract": {"column": field.name}}
    said: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": own_id,
        "name": own_id,
        "description": MEANINGS[field.name],
    }
    kind = field.type
    if pa.types.is_list(kind):
        said["repeated"] = True
        kind = kind.value_type
    if not pa.types.is_struct(kind):
        return {**said, "dataType": _data_type(kind), "source": source}
    said["subField"] = [
        {
            "@type": "cr:Field",
            "@id": f"{own_id}/{part.name}",
            "name": f"{own_id}/{part.name}",
            "dataType": _data_type(part.type),
            "source": {**source, "transform": {"jsonPath": part.name}},
        }
        for part in kind
    ]
    return said


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "sc:DateTime"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind):
        return "sc:Float"
    return "sc:Boolean" if pa.types.is_boolean(kind) else "sc:Text"
