/** How much may run at once. */
@NullMarked
package io.aiproxy.limit;

import org.jspecify.annotations.NullMarked;
