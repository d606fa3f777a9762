/** What is said there: how a request is recognised, changed, and its answer read. */
@NullMarked
package io.aiproxy.protocol;

import org.jspecify.annotations.NullMarked;
