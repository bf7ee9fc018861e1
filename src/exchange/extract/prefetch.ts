/** The same pages, each asked for while the one before it is written, so that database and process work at once; no more than that. */
export const prefetch = async function* <Page>(pages: AsyncGenerator<Page>): AsyncGenerator<Page> {
  const requestPage = () => {
    const page = pages.next();
    // Whoever stops before it comes does not hear of its error.
    page.catch(() => {});
    return page;
  };
  try {
    let nextPage = requestPage();
    for (let page = await nextPage; page.done !== true; page = await nextPage) {
      nextPage = requestPage();
      yield page.value;
    }
  } finally {
    await pages.return(undefined);
  }
};
