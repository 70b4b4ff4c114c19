import type { Permissions } from "./permissions";

const ingress = ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"];
const egress = ["AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"];
/** Lambda leaves network interfaces behind, and the provider removes them with their subnet or group. */
const leftInterfaces = ["DetachNetworkInterface", "DeleteNetworkInterface"];

/** EC2's networks, load balancers, certificates and the web firewall. */
export const network: Permissions = {
  ec2: {
    // ELB describes the VPC's security groups with the caller's permissions.
    reads: ["Describe*", "GetSecurityGroupsForVpc"],
    always: ["CreateTags", "DeleteTags"],
    types: {
      "aws:ec2/vpc:Vpc": ["CreateVpc", "DeleteVpc", "ModifyVpcAttribute"],
      "aws:ec2/subnet:Subnet": ["CreateSubnet", "DeleteSubnet", "ModifySubnetAttribute", ...leftInterfaces],
      "aws:ec2/internetGateway:InternetGateway": [
        "CreateInternetGateway",
        "AttachInternetGateway",
        "DetachInternetGateway",
        "DeleteInternetGateway",
      ],
      "aws:ec2/eip:Eip": ["AllocateAddress", "DisassociateAddress", "ReleaseAddress"],
      "aws:ec2/natGateway:NatGateway": ["CreateNatGateway", "DeleteNatGateway"],
      "aws:ec2/routeTable:RouteTable": ["CreateRouteTable", "DeleteRouteTable"],
      "aws:ec2/route:Route": ["CreateRoute", "ReplaceRoute", "DeleteRoute"],
      "aws:ec2/routeTableAssociation:RouteTableAssociation": [
        "AssociateRouteTable",
        "ReplaceRouteTableAssociation",
        "DisassociateRouteTable",
      ],
      "aws:ec2/flowLog:FlowLog": ["CreateFlowLogs", "DeleteFlowLogs"],
      "aws:ec2/vpcEndpoint:VpcEndpoint": ["CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints"],
      "aws:ec2/securityGroup:SecurityGroup": [
        "CreateSecurityGroup",
        "DeleteSecurityGroup",
        ...egress,
        ...leftInterfaces,
      ],
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [...ingress, ...egress],
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [...ingress, "ModifySecurityGroupRules"],
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [...egress, "ModifySecurityGroupRules"],
    },
  },
  elasticloadbalancing: {
    reads: ["Describe*"],
    always: ["AddTags", "RemoveTags"],
    names: [
      "loadbalancer/app/chatpop-*",
      "targetgroup/chatpop-*",
      "listener/app/chatpop-*",
      "listener-rule/app/chatpop-*",
    ],
    types: {
      "aws:wafv2/webAclAssociation:WebAclAssociation": ["SetWebACL"],
      "aws:lb/loadBalancer:LoadBalancer": [
        "CreateLoadBalancer",
        "ModifyLoadBalancerAttributes",
        "SetSecurityGroups",
        "SetSubnets",
        "DeleteLoadBalancer",
      ],
      "aws:lb/targetGroup:TargetGroup": [
        "CreateTargetGroup",
        "ModifyTargetGroup",
        "ModifyTargetGroupAttributes",
        "DeleteTargetGroup",
      ],
      "aws:lb/listener:Listener": [
        "CreateListener",
        "ModifyListener",
        "ModifyListenerAttributes",
        "DeleteListener",
      ],
    },
  },
  acm: {
    reads: ["ListTagsForCertificate"],
    always: ["AddTagsToCertificate", "RemoveTagsFromCertificate"],
    types: {
      "aws:acm/certificate:Certificate": ["RequestCertificate", "DescribeCertificate", "DeleteCertificate"],
      "aws:acm/certificateValidation:CertificateValidation": ["DescribeCertificate"],
    },
  },
  wafv2: {
    reads: ["GetWebACLForResource", "ListTagsForResource"],
    always: ["TagResource", "UntagResource"],
    // AWS requires `*` here; the action has effect only together with elasticloadbalancing:SetWebACL.
    unnamed: ["DisassociateWebACL"],
    // A web ACL refers to AWS's managed rule groups and to a load balancer.
    names: ["regional/webacl/chatpop-*", "regional/managedruleset/*"],
    types: {
      "aws:wafv2/webAcl:WebAcl": ["CreateWebACL", "GetWebACL", "UpdateWebACL", "DeleteWebACL"],
      "aws:wafv2/webAclAssociation:WebAclAssociation": ["AssociateWebACL"],
    },
  },
};
