<?php
// php install.php URL: a blog of a newspaper in French, with two pages and not yet a post.
[ , $url ] = $argv;
define( 'WP_INSTALLING', true );
define( 'WP_SITEURL', $url );

// WordPress lets an installation leave out the mail to the owner and the sample post.
function wp_new_blog_notification() {}
function wp_install_defaults() {
	wp_insert_term( 'Actualités', 'category' );
}

require getcwd() . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Le Fanal', 'admin', 'editor@fanal.example', true, '', wp_generate_password(), 'fr_FR' );

$options = array(
	'home'                         => $url,
	'WPLANG'                       => 'fr_FR',
	'blogdescription'              => 'Le journal des ports et des plateaux',
	'timezone_string'              => 'Europe/Paris',
	'date_format'                  => 'j F Y',
	'time_format'                  => 'H \\h i',
	'template'                     => 'twentytwentyone',
	'stylesheet'                   => 'twentytwentyone',
	'permalink_structure'          => '/%year%/%monthnum%/%postname%/',
	'posts_per_page'               => 10,
	'show_avatars'                 => 0,
	'default_ping_status'          => 'closed',
	'close_comments_for_old_posts' => 0,
);
foreach ( $options as $name => $value ) {
	update_option( $name, $value );
}
delete_option( 'rewrite_rules' ); // the next request makes them, with the new permalinks

$pages = array(
	'À propos'         => 'Le Fanal est un petit journal tenu par sept amis, qui écrivent le soir, et par leurs lecteurs.',
	'Mentions légales' => 'Le site est édité par l’association Le Fanal. Les textes appartiennent à leurs autrices et auteurs.',
);
foreach ( $pages as $title => $text ) {
	$page = array(
		'post_type'    => 'page',
		'post_status'  => 'publish',
		'post_author'  => 1,
		'post_date'    => '2023-02-01 09:00:00',
		'post_title'   => $title,
		'post_content' => "<!-- wp:paragraph -->\n<p>$text</p>\n<!-- /wp:paragraph -->",
	);
	wp_insert_post( $page );
}
