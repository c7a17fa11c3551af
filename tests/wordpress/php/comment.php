<?php
// php comment.php URL AUTHOR TEXT: a comment under a post, written and let through now.
require getcwd() . '/wp-load.php';
$comment = array(
	'comment_post_ID'  => url_to_postid( $argv[1] ),
	'comment_author'   => $argv[2],
	'comment_content'  => $argv[3],
	'comment_approved' => 1,
);
exit( wp_insert_comment( wp_slash( $comment ) ) ? 0 : 1 );
