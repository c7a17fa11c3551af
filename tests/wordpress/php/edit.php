<?php
// php edit.php URL < body: a post gets another body, and with it a new date of modification.
require getcwd() . '/wp-load.php';
kses_remove_filters();
$edit = array(
	'ID'           => url_to_postid( $argv[1] ),
	'post_content' => stream_get_contents( STDIN ),
);
exit( wp_update_post( wp_slash( $edit ) ) ? 0 : 1 );
