/**
 * What the parts of a call cost, by JMH: time and bytes allocated for one operation. No test runs them;
 * {@code mvn -Pbenchmark test-compile} does, and {@code -Dbenchmark=NAME} runs those alone whose name matches.
 */
package io.aiproxy.benchmark;
