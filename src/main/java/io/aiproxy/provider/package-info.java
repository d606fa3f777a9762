/** Where a request goes and with which key. */
@NullMarked
package io.aiproxy.provider;

import org.jspecify.annotations.NullMarked;
