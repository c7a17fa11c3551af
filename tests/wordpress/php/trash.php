<?php
// php trash.php URL: a post goes into the bin, and its address leads to the home page (beside.php).
require getcwd() . '/wp-load.php';
$moved   = get_option( 'moved', array() );
$moved[] = wp_parse_url( $argv[1], PHP_URL_PATH );
update_option( 'moved', $moved );
exit( wp_trash_post( url_to_postid( $argv[1] ) ) ? 0 : 1 );
