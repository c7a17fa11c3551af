<?php
// What site owners add with a plugin: a text beside a post, and redirects of what they took away.
add_action(
	'get_footer',
	function () {
		$text = is_singular() ? get_post_meta( get_the_ID(), 'sidebar', true ) : '';
		if ( $text ) {
			echo '<aside class="widget-area sidebar"><section class="widget"><h2>À lire aussi</h2><p>'
				. esc_html( $text ) . '</p></section></aside>';
		}
	}
);
add_action(
	'template_redirect',
	function () {
		$path = wp_parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH );
		if ( in_array( $path, get_option( 'moved', array() ), true ) ) {
			wp_safe_redirect( home_url( '/' ), 301 );
			exit;
		}
	},
	1
);
