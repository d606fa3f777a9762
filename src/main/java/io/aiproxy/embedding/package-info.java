/** Vectors of texts: made by a provider's endpoint or by a model in this JVM, and compared. */
@NullMarked
package io.aiproxy.embedding;

import org.jspecify.annotations.NullMarked;
