/** The same pages, each asked for while the one before it is written, so that database and process work at once; no more than that. */
export const oneAhead = async function* <Page>(pages: AsyncGenerator<Page>): AsyncGenerator<Page> {
  const ask = () => {
    const page = pages.next();
    // Whoever stops before it comes does not hear of its error.
    page.catch(() => {});
    return page;
  };
  try {
    let coming = ask();
    for (let page = await coming; page.done !== true; page = await coming) {
      coming = ask();
      yield page.value;
    }
  } finally {
    await pages.return(undefined);
  }
};
