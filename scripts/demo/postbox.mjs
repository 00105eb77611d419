/** The demo mailbox shows its newest mails only; here every mail about this run is kept from the moment it was seen. */
export class Postbox {
  #api;
  #prefix;
  #mails = new Map();

  constructor(api, prefix) {
    this.#api = api;
    this.#prefix = prefix;
  }

  /** All of them, the oldest first. */
  async look() {
    const { items } = await this.#api.outside('GET', '/mailbox.json');
    for (const mail of items.reverse()) {
      if (mail.subject.includes(this.#prefix)) this.#mails.set(mail.id, mail);
    }
    return [...this.#mails.values()];
  }
}
