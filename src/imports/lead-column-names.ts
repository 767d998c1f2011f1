/**
 * How columns of leads are called, beside the id and the name of their field: in lower case, letters and digits alone.
 * Where a name stands for several fields the first free one gets the column.
 */
export const LEAD_COLUMN_NAMES: Readonly<Record<string, readonly string[]>> = {
  first_name: ['first', 'fname', 'firstname', 'namefirst', 'givenname', 'forename', 'vorname', 'prenom', 'nombre'],
  last_name: ['last', 'lname', 'lastname', 'namelast', 'surname', 'familyname', 'nachname', 'apellido'],
  email: ['email', 'emailaddress', 'mail', 'emailid', 'primaryemail', 'contactemail', 'email1'],
  phone_1: [
    ...[
      'phone',
      'phonenumber',
      'phone1',
      'primaryphone',
      'telephone',
      'tel',
      'telefon',
      'mobile',
      'mobilephone',
      'handy',
    ],
    ...['mobilenumber', 'cell', 'cellphone', 'homephone', 'dayphone', 'daytimephone', 'contactnumber', 'msisdn'],
  ],
  phone_2: [
    ...['phone2', 'secondaryphone', 'alternatephone', 'altphone', 'otherphone', 'workphone', 'eveningphone'],
    ...['mobile', 'mobilephone', 'cell', 'cellphone', 'homephone', 'phone', 'telephone'],
  ],
  phone_3: ['phone3', 'workphone', 'otherphone', 'mobile', 'cell', 'phone'],
  address_1: ['address', 'address1', 'street', 'streetaddress', 'street1', 'addressline1', 'addr', 'addr1', 'strasse'],
  address_2: ['address2', 'addressline2', 'street2', 'addr2', 'apt', 'apartment', 'suite', 'unit'],
  city: ['city', 'town', 'locality', 'ort', 'ville', 'ciudad'],
  state: ['state', 'st', 'region', 'province', 'stateprovince', 'statecode', 'bundesland'],
  postal_code: ['zip', 'zipcode', 'zip5', 'postal', 'postcode', 'postalcode', 'plz', 'codepostal'],
  county: ['county'],
  country: ['country', 'countrycode', 'land', 'pays'],
  dob: ['dob', 'dateofbirth', 'birthdate', 'birthday', 'birth', 'geburtsdatum'],
  age: ['age'],
  gender: ['gender', 'sex'],
  ssn: ['ssn', 'socialsecuritynumber', 'socialsecurity', 'social'],
  ip_address: ['ip', 'ipaddress', 'ipaddr', 'clientip', 'userip', 'leadip'],
  company: ['company', 'companyname', 'organization', 'organisation', 'business', 'businessname', 'employer'],
  'company.name': ['company', 'companyname', 'organization', 'organisation', 'business', 'businessname'],
  title: ['title', 'jobtitle', 'position'],
  comments: ['comment', 'comments', 'note', 'notes', 'message', 'remarks'],
  credit_score: ['creditscore', 'fico', 'ficoscore'],
  landing_page: ['landingpage', 'landingpageurl', 'pageurl', 'landingurl'],
  website: ['website', 'web', 'site', 'homepage'],
  reference: ['reference', 'ref', 'refid', 'referenceid', 'externalid', 'externalreference'],
  time_to_contact: ['timetocontact', 'besttimetocall', 'besttime', 'calltime'],
  trustedform_cert_url: [
    'trustedform',
    'trustedformurl',
    'trustedformcerturl',
    'xxtrustedformcerturl',
    'tfcert',
    'certurl',
  ],
  leadid_id: ['leadid', 'leadidtoken', 'universalleadid', 'jornaya', 'jornayaid', 'jornayaleadid'],
  campaign_id: ['campaignid', 'campaign', 'cid'],
  campaign_name: ['campaignname'],
};

/** The column that files of rejected rows have beside those of the file; it is never imported. */
export const REASON_COLUMN = 'import_error';

/** A name without case and without what stands between its words. */
export function foldColumnName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
