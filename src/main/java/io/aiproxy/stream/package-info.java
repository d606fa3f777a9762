/** What a body is made of on its way: pieces and the transducers that they pass. */
@NullMarked
package io.aiproxy.stream;

import org.jspecify.annotations.NullMarked;
