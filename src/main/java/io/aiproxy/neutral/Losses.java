package io.aiproxy.neutral;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What could not be said in another protocol, each by its place in what it was read from. Of very many only the first are
 * kept. For one thread.
 */
public final class Losses {
  /** More than anybody is told of. */
  private static final int MOST = 1_000;

  private final Set<String> places = new LinkedHashSet<>();

  /** This has no word in the other protocol. */
  public void drop(String place) {
    if (places.size() < MOST) {
      places.add(place);
    }
  }

  /** In the order in which they were found. */
  public Set<String> places() {
    return Collections.unmodifiableSet(places);
  }
}
