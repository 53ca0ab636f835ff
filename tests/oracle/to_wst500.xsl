<?xml version="1.0" encoding="UTF-8"?>
<!-- native report -> WS/T 500.6-2016 (2.16.156.10011.2.1.1.26, C0006): a second opinion on src/output/wst500.c -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:roentext:report:1" xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" exclude-result-prefixes="r">
<xsl:output method="xml" encoding="UTF-8" indent="yes"/>
<xsl:template name="ts"><xsl:param name="d"/><xsl:value-of select="translate(substring($d,1,19),'-:T','')"/></xsl:template>
<xsl:template name="obs"><xsl:param name="c"/><xsl:param name="n"/><xsl:param name="v"/><entry><observation classCode="OBS" moodCode="EVN"><code code="{$c}" displayName="{$n}" codeSystem="2.16.156.10011.2.2.1" codeSystemName="卫生信息数据元目录"/><value xsi:type="ST"><xsl:value-of select="$v"/></value></observation></entry></xsl:template>
<xsl:template match="/r:report"><xsl:variable name="h" select="r:header"/>
<ClinicalDocument><realmCode code="CN"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_MT000040"/><templateId root="2.16.156.10011.2.1.1.26"/>
<id root="2.16.156.10011.1.1" extension="{@id}"/><code code="C0006" codeSystem="2.16.156.10011.2.4" codeSystemName="卫生信息共享文档规范编码体系"/><title>检查报告</title>
<effectiveTime><xsl:attribute name="value"><xsl:call-template name="ts"><xsl:with-param name="d" select="$h/r:issued/@date"/></xsl:call-template></xsl:attribute></effectiveTime>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25" codeSystemName="Confidentiality" displayName="正常访问保密级别"/><languageCode code="zh-CN"/><setId/><versionNumber/>
<recordTarget typeCode="RCT" contextControlCode="OP"><patientRole classCode="PAT"><id root="2.16.156.10011.1.12" extension="{$h/r:patient/@id}"/><id root="2.16.156.10011.1.32" extension="{$h/r:study/@accession}"/>
<patient classCode="PSN" determinerCode="INSTANCE"><name><xsl:value-of select="$h/r:patient/@name"/></name>
<administrativeGenderCode codeSystem="2.16.156.10011.2.3.3.4" codeSystemName="生理性别代码表(GB/T 2261.1)"><xsl:attribute name="code"><xsl:choose><xsl:when test="$h/r:patient/@sex='M'">1</xsl:when><xsl:when test="$h/r:patient/@sex='F'">2</xsl:when><xsl:otherwise>9</xsl:otherwise></xsl:choose></xsl:attribute></administrativeGenderCode>
<birthTime><xsl:choose><xsl:when test="$h/r:patient/@birthDate"><xsl:attribute name="value"><xsl:value-of select="translate($h/r:patient/@birthDate,'-','')"/></xsl:attribute></xsl:when><xsl:otherwise><xsl:attribute name="nullFlavor">UNK</xsl:attribute></xsl:otherwise></xsl:choose></birthTime></patient></patientRole></recordTarget>
<author typeCode="AUT" contextControlCode="OP"><time><xsl:attribute name="value"><xsl:call-template name="ts"><xsl:with-param name="d" select="$h/r:issued/@date"/></xsl:call-template></xsl:attribute></time><assignedAuthor classCode="ASSIGNED"><id root="2.16.156.10011.1.7" extension="NA"/><assignedPerson><name><xsl:value-of select="$h/r:author[1]/@name"/></name></assignedPerson></assignedAuthor></author>
<custodian typeCode="CST"><assignedCustodian classCode="ASSIGNED"><representedCustodianOrganization classCode="ORG" determinerCode="INSTANCE"><id root="2.16.156.10011.1.5" extension="NA"/><name><xsl:value-of select="$h/r:author[1]/@organization"/></name></representedCustodianOrganization></assignedCustodian></custodian>
<component><structuredBody>
<component><section><code code="29545-1" displayName="PHYSICAL EXAMINATION" codeSystem="2.16.840.1.113883.6.1" codeSystemName="LOINC"/><text/>
<xsl:call-template name="obs"><xsl:with-param name="c" select="'DE04.30.018.00'"/><xsl:with-param name="n" select="'检查类别'"/><xsl:with-param name="v" select="$h/r:study/@modality"/></xsl:call-template>
<xsl:call-template name="obs"><xsl:with-param name="c" select="'DE02.10.027.00'"/><xsl:with-param name="n" select="'检查方法名称'"/><xsl:with-param name="v" select="$h/r:study/@description"/></xsl:call-template></section></component>
<component><section><code displayName="检查报告"/><text/>
<xsl:call-template name="obs"><xsl:with-param name="c" select="'DE04.50.131.00'"/><xsl:with-param name="n" select="'检查报告结果-客观所见'"/><xsl:with-param name="v"><xsl:for-each select="r:sections/r:section[@type='findings']/r:narrative"><xsl:value-of select="concat(.,'&#10;')"/></xsl:for-each></xsl:with-param></xsl:call-template>
<xsl:call-template name="obs"><xsl:with-param name="c" select="'DE04.50.132.00'"/><xsl:with-param name="n" select="'检查报告结果-主观提示'"/><xsl:with-param name="v"><xsl:for-each select="r:sections/r:section[@type='impression']/r:narrative"><xsl:value-of select="concat(.,'&#10;')"/></xsl:for-each></xsl:with-param></xsl:call-template>
<xsl:call-template name="obs"><xsl:with-param name="c" select="'DE08.10.026.00'"/><xsl:with-param name="n" select="'检查报告科室'"/><xsl:with-param name="v" select="$h/r:author[1]/@organization"/></xsl:call-template></section></component>
</structuredBody></component></ClinicalDocument></xsl:template></xsl:stylesheet>
