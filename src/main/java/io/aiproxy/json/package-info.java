/** JSON as bytes: checked in one pass, edited by splicing, watched while it passes. */
@NullMarked
package io.aiproxy.json;

import org.jspecify.annotations.NullMarked;
