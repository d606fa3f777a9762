package io.aiproxy.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which word was meant. */
final class Spelling {
  private static final int MAX_DISTANCE = 2;

  private Spelling() {}

  /** The word that is at most two letters away; empty if there is none. */
  static Optional<String> nearest(String written, Collection<String> words) {
    return words.stream()
        // also keeps the work small where a key is a page long
        .filter(word -> Math.abs(word.length() - written.length()) <= MAX_DISTANCE
            && word.length() > 2 * MAX_DISTANCE)
        .filter(word -> distance(written, word) <= MAX_DISTANCE)
        .min(Comparator.comparingInt(word -> distance(written, word)));
  }

  /** How many letters must be put in, taken out or changed. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
