<?php
// php sidebar.php URL TEXT: what is shown beside a post changes, and the post is saved as it was.
require getcwd() . '/wp-load.php';
$post = url_to_postid( $argv[1] );
update_post_meta( $post, 'sidebar', wp_slash( $argv[2] ) );
kses_remove_filters();
exit( wp_update_post( array( 'ID' => $post ) ) ? 0 : 1 );
