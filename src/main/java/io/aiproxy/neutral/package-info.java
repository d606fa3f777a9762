/** What chat protocols have in common: one model of request, answer and stream, in which each of them can be written down. */
@NullMarked
package io.aiproxy.neutral;

import org.jspecify.annotations.NullMarked;
