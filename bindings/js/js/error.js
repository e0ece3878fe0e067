// What is thrown where an input cannot be answered.

export class Why502Error extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.code = code;
  }

  get name() {
    return 'Why502Error';
  }
}
