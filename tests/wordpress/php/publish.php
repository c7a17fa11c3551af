<?php
// php publish.php < posts.json: the posts of content.py with their comments, in one transaction.
require getcwd() . '/wp-load.php';
kses_remove_filters();
wp_defer_term_counting( true );
wp_defer_comment_counting( true );

function author_id( $name ) {
	static $ids = array();
	if ( ! isset( $ids[ $name ] ) ) {
		$login = sanitize_title( $name );
		$user  = get_user_by( 'login', $login );
		$ids[ $name ] = $user ? $user->ID : wp_insert_user(
			array(
				'user_login'   => $login,
				'user_pass'    => wp_generate_password(),
				'display_name' => $name,
				'role'         => 'author',
			)
		);
	}
	return $ids[ $name ];
}

function publish( $post ) {
	$id = wp_insert_post(
		wp_slash(
			array(
				'post_status'   => 'publish',
				'post_title'    => $post['headline'],
				'post_content'  => $post['body'],
				'post_excerpt'  => $post['excerpt'],
				'post_author'   => author_id( $post['author'] ),
				'post_date_gmt' => $post['date'],
				'tags_input'    => $post['tags'],
			)
		),
		true
	);
	if ( is_wp_error( $id ) ) {
		throw new Exception( $id->get_error_message() );
	}
	wp_set_object_terms( $id, $post['categories'], 'category' );
	$comment_ids = array();
	foreach ( $post['comments'] as $comment ) {
		$comment_ids[] = wp_insert_comment(
			wp_slash(
				array(
					'comment_post_ID'    => $id,
					'comment_author'     => $comment['author'],
					'comment_author_url' => $comment['author_url'],
					'comment_content'    => $comment['text'],
					'comment_date_gmt'   => $comment['date'],
					'comment_date'       => get_date_from_gmt( $comment['date'] ),
					'comment_approved'   => $comment['approved'],
					'comment_parent'     => null === $comment['parent'] ? 0 : $comment_ids[ $comment['parent'] ],
				)
			)
		);
	}
}

$wpdb->query( 'START TRANSACTION' );
array_map( 'publish', json_decode( stream_get_contents( STDIN ), true, 512, JSON_THROW_ON_ERROR ) );
wp_defer_comment_counting( false );
wp_defer_term_counting( false );
$wpdb->query( 'COMMIT' );
