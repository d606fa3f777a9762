package io.aiproxy.json;

/**
 * How large the parts of a JSON text may be; all limits are inclusive and at least 1 but for {@code members}, which may be 0.
 *
 * @param depth how many arrays and objects may be open at once
 * @param nameBytes the longest member name as it is written, without its quotes
 * @param numberBytes the longest number as it is written
 * @param stringBytes the longest string value as it is written, without its quotes
 * @param members how many members the outermost object may have; they are what costs memory
 */
public record JsonLimits(int depth, int nameBytes, int numberBytes, int stringBytes, int members) {
  /**
   * For requests of clients: generous to every honest one. Strings are unbounded, since whoever read the body has bounded it;
   * a body of 50,000 members is refused at its 10,001st.
   */
  public static final JsonLimits REQUEST =
      new JsonLimits(128, 1_024, 1_000, Integer.MAX_VALUE, 10_000);

  public JsonLimits {
    if (depth < 1 || nameBytes < 1 || numberBytes < 1 || stringBytes < 1 || members < 0) {
      throw new IllegalArgumentException(
          "limits of JSON must be positive: depth " + depth + ", name " + nameBytes + ", number "
              + numberBytes + ", string " + stringBytes + ", members " + members);
    }
  }
}
