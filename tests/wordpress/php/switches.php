<?php
// What site owners turn off with a plugin, here by switches.json, read anew for every request.
$switches = json_decode( file_get_contents( dirname( ABSPATH ) . '/switches.json' ), true );

if ( ! $switches['rest_api'] ) {
	add_filter(
		'rest_authentication_errors',
		fn() => new WP_Error( 'rest_disabled', 'The REST API is off on this site.', array( 'status' => 401 ) )
	);
	remove_action( 'wp_head', 'rest_output_link_wp_head', 10 );
	remove_action( 'template_redirect', 'rest_output_link_header', 11 );
	remove_action( 'xmlrpc_rsd_apis', 'rest_output_rsd' );
}

if ( ! $switches['sitemaps'] ) {
	add_filter( 'wp_sitemaps_enabled', '__return_false' );
}
