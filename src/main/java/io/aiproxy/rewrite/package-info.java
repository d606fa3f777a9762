/** What a request becomes on its way to the upstream: its address, its headers, its body. */
@NullMarked
package io.aiproxy.rewrite;

import org.jspecify.annotations.NullMarked;
