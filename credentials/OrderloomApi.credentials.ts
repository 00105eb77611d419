import type {
  IAuthenticateGeneric,
  Icon,
  ICredentialTestRequest,
  ICredentialType,
  INodeProperties,
} from 'n8n-workflow';

/** Where the service is and the key that says who asks: its role and stores decide what a pipeline may do. */
export class OrderloomApi implements ICredentialType {
  name = 'orderloomApi';

  displayName = 'Orderloom API';

  documentationUrl = 'https://github.com/orderloom/orderloom#credential';

  icon: Icon = { light: 'file:../nodes/shared/orderloom.svg', dark: 'file:../nodes/shared/orderloom.dark.svg' };

  properties: INodeProperties[] = [
    {
      displayName: 'Base URL',
      name: 'baseUrl',
      type: 'string',
      default: 'http://localhost:3000',
      placeholder: 'e.g. https://orders.example.com',
      description: 'Address of the Orderloom service, as this n8n reaches it',
      required: true,
    },
    {
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description: 'A key of the service. An administrator makes it; its role and stores limit what the steps may do.',
      required: true,
    },
  ];

  authenticate: IAuthenticateGeneric = {
    type: 'generic',
    properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
  };

  test: ICredentialTestRequest = {
    request: { baseURL: '={{$credentials.baseUrl.replace(/\\/+$/, "")}}', url: '/api/v1/orders', qs: { limit: 1 } },
  };
}
