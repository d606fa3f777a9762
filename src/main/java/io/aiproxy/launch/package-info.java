/** Runs the gateway by itself: serve, check, demo. The only place that knows Jetty. */
@NullMarked
package io.aiproxy.launch;

import org.jspecify.annotations.NullMarked;
