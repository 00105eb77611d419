/** The demo mailbox shows its newest mails only; here every mail about this run is kept from the moment it was seen. */
export class Postbox {
  #api;
  #prefix;
  #staff;
  #mails = new Map();

  /** @param {string[]} staff the addresses of the shop's people */
  constructor(api, prefix, staff) {
    this.#api = api;
    this.#prefix = prefix;
    this.#staff = new Set(staff);
  }

  /** @returns {Promise<number>} how many there are */
  async look() {
    const { items } = await this.#api.outside('GET', '/mailbox.json');
    for (const mail of items.reverse()) {
      if (mail.subject.includes(this.#prefix)) this.#mails.set(mail.id, mail);
    }
    return this.#mails.size;
  }

  /** What the shop's people got, the oldest first. */
  mailsToStaff() {
    return [...this.#mails.values()].filter(({ to }) => this.#staff.has(to));
  }

  /** What a mail says, without its pictures and colours. */
  async textOf(id) {
    return (await this.#api.outside('GET', `/mailbox/${id}.json`)).text;
  }

  mailsToCustomers() {
    return [...this.#mails.values()].filter(({ to }) => !this.#staff.has(to));
  }
}
