/** Framings: how a stream of bytes is cut into events. */
@NullMarked
package io.aiproxy.wire;

import org.jspecify.annotations.NullMarked;
