package io.aiproxy.launch;

/** Says what there is. */
record Help() implements Command {
  @Override
  public int run(Console console) {
    console.out().print(Texts.read("help.txt"));
    return DONE;
  }
}
