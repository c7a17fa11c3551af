<?php
// php posts.php: what the database says readers may see, as JSON.
require getcwd() . '/wp-load.php';
$posts = $wpdb->get_results(
	"SELECT p.ID AS id, p.post_title AS headline, p.post_content AS body, p.post_date_gmt AS date, u.display_name AS author
	FROM $wpdb->posts p JOIN $wpdb->users u ON u.ID = p.post_author
	WHERE p.post_type = 'post' AND p.post_status = 'publish' ORDER BY p.post_date_gmt, p.ID"
);
foreach ( $posts as $post ) {
	$post->url = get_permalink( $post->id );
}
$comments = $wpdb->get_results(
	"SELECT comment_ID AS id, comment_post_ID AS post_id, comment_parent AS parent_id, comment_author AS author,
	comment_content AS text, comment_date_gmt AS date
	FROM $wpdb->comments WHERE comment_approved = '1' ORDER BY comment_date_gmt, comment_ID"
);
echo wp_json_encode( compact( 'posts', 'comments' ), JSON_UNESCAPED_UNICODE );
