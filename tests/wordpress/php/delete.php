<?php
// php delete.php URL: a post is gone for good, its comments with it.
require getcwd() . '/wp-load.php';
exit( wp_delete_post( url_to_postid( $argv[1] ), true ) ? 0 : 1 );
