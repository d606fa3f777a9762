package io.aiproxy.launch;

/** Says which version this is, and of which Java. */
record Version() implements Command {
  @Override
  public int run(Console console) {
    console
        .out()
        .println("ai-proxy " + Texts.read("version.txt").strip() + " on Java " + Runtime.version());
    return DONE;
  }
}
