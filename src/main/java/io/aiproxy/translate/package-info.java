/** For clients and upstreams that do not speak the same protocol. */
@NullMarked
package io.aiproxy.translate;

import org.jspecify.annotations.NullMarked;
