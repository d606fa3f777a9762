/** The vocabulary: call, reply, handler, layer, exchange, problem. */
@NullMarked
package io.aiproxy.call;

import org.jspecify.annotations.NullMarked;
