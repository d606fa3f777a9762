package io.aiproxy.neutral;

/**
 * Where a text has something from.
 *
 * @param url empty if it is no page
 * @param title empty if unknown
 * @param quote what is quoted; empty if unknown
 * @param from where in the text it begins, in characters; -1 if unknown
 * @param to behind its last character; -1 if unknown
 */
public record Citation(String url, String title, String quote, int from, int to, Origin origin) {}
