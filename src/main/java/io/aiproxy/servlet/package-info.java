/** The client's end of an exchange. The only place besides the root that knows jakarta.servlet. */
@NullMarked
package io.aiproxy.servlet;

import org.jspecify.annotations.NullMarked;
