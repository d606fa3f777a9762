/** What a route says that it serves. */
@NullMarked
package io.aiproxy.models;

import org.jspecify.annotations.NullMarked;
