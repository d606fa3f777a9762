/** The provider's end of an exchange. The only place that knows Apache HttpClient. */
@NullMarked
package io.aiproxy.upstream;

import org.jspecify.annotations.NullMarked;
