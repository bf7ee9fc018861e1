/** Reads each page while the previous one is written, so that the database and the process work at the same time. */
export async function* prefetch<Page>(pages: AsyncGenerator<Page>): AsyncGenerator<Page> {
  const requestPage = () => {
    const page = pages.next();
    // If the consumer stops early, nothing awaits the page, and its error must not end the process.
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
}
