<?php
// php -S asks here first: write the request down, then do what WordPress's .htaccess does (a file
// is served as it is, everything else is index.php's). The line is written before any byte of the
// answer, so whoever has the answer finds it counted.
file_put_contents(
	dirname( $_SERVER['DOCUMENT_ROOT'] ) . '/requests.log',
	$_SERVER['REQUEST_METHOD'] . ' ' . $_SERVER['REQUEST_URI'] . "\n",
	FILE_APPEND | LOCK_EX
);
$path = rawurldecode( strtok( $_SERVER['REQUEST_URI'], '?' ) );
if ( '/' !== $path && file_exists( $_SERVER['DOCUMENT_ROOT'] . $path ) ) {
	return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
