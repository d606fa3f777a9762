/** The configuration: immutable records, the reader, its checks. */
@NullMarked
package io.aiproxy.config;

import org.jspecify.annotations.NullMarked;
