import type { PackageDirectoryLoader } from 'n8n-core';
import type {
  IAuthenticateGeneric,
  ICredentialDataDecryptedObject,
  ICredentials,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';
import { ICredentialsHelper } from 'n8n-workflow';

export interface Access {
  url: string;
  apiKey: string;
  /** Where a sleeping execution is called back; nobody, unless a test listens. */
  waitingUrl?: string;
}

/** Gives every node the access of the test, and signs requests the way the credential says. */
export class TestCredentials extends ICredentialsHelper {
  constructor(
    private readonly loader: PackageDirectoryLoader,
    private readonly access: Access,
  ) {
    super();
  }

  async getDecrypted(): Promise<ICredentialDataDecryptedObject> {
    return { baseUrl: this.access.url, apiKey: this.access.apiKey };
  }

  async authenticate(
    credentials: ICredentialDataDecryptedObject,
    typeName: string,
    options: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> {
    const { properties } = this.loader.getCredential(typeName).type.authenticate as IAuthenticateGeneric;
    const signed = Object.entries(properties.headers ?? {}).map(([name, expression]) => {
      const value = String(expression).replace(/^=/, '');
      return [
        name,
        value.replace(/\{\{\$credentials\.(\w+)\}\}/g, (_all, field: string) => String(credentials[field])),
      ];
    });
    return { ...options, headers: { ...options.headers, ...Object.fromEntries(signed) } };
  }

  getParentTypes(): string[] {
    return [];
  }

  isCredentialUsableByNode(): boolean {
    return true;
  }

  async preAuthentication(): Promise<undefined> {
    return undefined;
  }

  async runPreAuthentication(): Promise<undefined> {
    return undefined;
  }

  async getCredentials(): Promise<ICredentials> {
    throw new Error('Tests keep no encrypted credentials.');
  }

  async updateCredentials(): Promise<void> {}

  async updateCredentialsOauthTokenData(): Promise<void> {}

  getCredentialsProperties(type: string): INodeProperties[] {
    return this.loader.getCredential(type).type.properties;
  }
}
