// Permissions for roles, keys and certificates.
import type { NeedsByType } from "./needs";

export const identity: NeedsByType = {
  "aws:iam/role:Role": {
    create: ["iam:CreateRole", "iam:TagRole if tagsAll", "iam:PutRolePolicy if inlinePolicies"],
    read: ["iam:GetRole", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"],
    update: ["iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:TagRole if tagsAll"],
    delete: ["iam:DeleteRole", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies"],
  },
  "aws:iam/policy:Policy": {
    create: ["iam:CreatePolicy", "iam:TagPolicy if tagsAll"],
    read: ["iam:GetPolicy", "iam:GetPolicyVersion"],
    update: ["iam:CreatePolicyVersion", "iam:ListPolicyVersions", "iam:DeletePolicyVersion"],
    delete: ["iam:ListPolicyVersions", "iam:DeletePolicy"],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    arn: "role:{role}",
    create: ["iam:PutRolePolicy"],
    read: ["iam:GetRolePolicy"],
    update: ["iam:PutRolePolicy"],
    delete: ["iam:DeleteRolePolicy"],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    arn: "role:{role}",
    create: ["iam:AttachRolePolicy"],
    read: ["iam:ListAttachedRolePolicies"],
    delete: ["iam:DetachRolePolicy"],
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    create: ["iam:CreateOpenIDConnectProvider"],
    read: ["iam:GetOpenIDConnectProvider"],
    update: ["iam:UpdateOpenIDConnectProviderThumbprint"],
    delete: ["iam:DeleteOpenIDConnectProvider"],
  },
  "aws:kms/key:Key": {
    create: [
      ...["kms:CreateKey *", "kms:TagResource if tagsAll"],
      ...["kms:EnableKeyRotation if enableKeyRotation", "kms:PutKeyPolicy if lockout"],
    ],
    read: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
    update: [
      "kms:PutKeyPolicy if policy",
      "kms:UpdateKeyDescription",
      "kms:EnableKeyRotation if enableKeyRotation",
    ],
    delete: ["kms:ScheduleKeyDeletion"],
  },
  "aws:acm/certificate:Certificate": {
    create: [
      "acm:RequestCertificate if domainName",
      "acm:ImportCertificate if privateKey",
      "acm:AddTagsToCertificate if tagsAll",
    ],
    read: ["acm:DescribeCertificate", "acm:ListTagsForCertificate"],
    update: ["acm:UpdateCertificateOptions if options", "acm:AddTagsToCertificate if tagsAll"],
    delete: ["acm:DeleteCertificate"],
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    create: ["acm:DescribeCertificate @certificateArn"],
    read: ["acm:DescribeCertificate @certificateArn"],
  },
};
