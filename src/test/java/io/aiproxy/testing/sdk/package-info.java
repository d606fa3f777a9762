/** The official clients, behind one interface. */
@NullMarked
package io.aiproxy.testing.sdk;

import org.jspecify.annotations.NullMarked;
