<?php
// php headline.php URL HEADLINE: a post gets another headline, and keeps its address.
require getcwd() . '/wp-load.php';
$edit = array(
	'ID'         => url_to_postid( $argv[1] ),
	'post_title' => $argv[2],
);
exit( wp_update_post( wp_slash( $edit ) ) ? 0 : 1 );
