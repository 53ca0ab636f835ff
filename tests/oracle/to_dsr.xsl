<?xml version="1.0" encoding="UTF-8"?>
<!-- native report -> DICOM Enhanced SR in the XML of DCMTK, TID 2000: a second opinion on src/output/dsr.c -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:roentext:report:1" xmlns="http://dicom.offis.de/dcmsr" exclude-result-prefixes="r">
<xsl:output method="xml" encoding="UTF-8" indent="yes"/>
<xsl:param name="root" select="'1.2.826.0.1.3680043.10.999.9'"/>
<xsl:template name="scheme"><xsl:param name="n"/><xsl:choose><xsl:when test="$n='ROENTEXT'">99ROENTEXT</xsl:when><xsl:otherwise><xsl:value-of select="$n"/></xsl:otherwise></xsl:choose></xsl:template>
<xsl:template name="c"><xsl:param name="v"/><xsl:param name="s"/><xsl:param name="m"/>
  <value><xsl:value-of select="$v"/></value><scheme><designator><xsl:value-of select="$s"/></designator></scheme><meaning><xsl:value-of select="substring($m,1,64)"/></meaning></xsl:template>
<xsl:template name="concept"><xsl:param name="v"/><xsl:param name="s" select="'DCM'"/><xsl:param name="m"/><concept><xsl:call-template name="c"><xsl:with-param name="v" select="$v"/><xsl:with-param name="s" select="$s"/><xsl:with-param name="m" select="$m"/></xsl:call-template></concept></xsl:template>
<xsl:template match="/r:report"><xsl:variable name="h" select="r:header"/>
<report type="Enhanced SR">
  <sopclass uid="1.2.840.10008.5.1.4.1.1.88.22">EnhancedSRStorage</sopclass><charset>ISO_IR 192</charset><modality>SR</modality>
  <device><manufacturer><xsl:value-of select="$h/r:engine/@name"/></manufacturer><model><xsl:value-of select="$h/r:template/@id"/></model><version><xsl:value-of select="$h/r:engine/@version"/></version></device>
  <patient><id><xsl:value-of select="$h/r:patient/@id"/></id><name><last><xsl:value-of select="$h/r:patient/@name"/></last></name>
    <xsl:if test="$h/r:patient/@birthDate"><birthday><date><xsl:value-of select="$h/r:patient/@birthDate"/></date></birthday></xsl:if><xsl:if test="$h/r:patient/@sex"><sex><xsl:value-of select="$h/r:patient/@sex"/></sex></xsl:if></patient>
  <study uid="{$h/r:study/@uid}"><date><xsl:value-of select="$h/r:study/@date"/></date><time><xsl:value-of select="$h/r:study/@time"/></time><accession><number><xsl:value-of select="$h/r:study/@accession"/></number></accession><description><xsl:value-of select="$h/r:study/@description"/></description></study>
  <series uid="{$root}.1"><number>1</number></series><instance uid="{$root}.1.1"><number>1</number></instance>
  <document><completion flag="COMPLETE"/><verification flag="UNVERIFIED"/><content>
    <date><xsl:value-of select="$h/r:issued/@date"/></date><time><xsl:value-of select="$h/r:issued/@time"/></time>
    <container flag="SEPARATE"><template><resource uid="1.2.840.10008.8.1.1">DCMR</resource><id>2000</id></template>
      <xsl:call-template name="concept"><xsl:with-param name="v" select="'18748-4'"/><xsl:with-param name="s" select="'LN'"/><xsl:with-param name="m" select="'Diagnostic imaging study'"/></xsl:call-template>
      <code><relationship>HAS CONCEPT MOD</relationship><xsl:call-template name="concept"><xsl:with-param name="v" select="'121049'"/><xsl:with-param name="m" select="'Language of Content Item and Descendants'"/></xsl:call-template><xsl:call-template name="c"><xsl:with-param name="v" select="@xml:lang"/><xsl:with-param name="s" select="'RFC5646'"/><xsl:with-param name="m" select="@xml:lang"/></xsl:call-template></code>
      <xsl:for-each select="$h/r:study/r:procedure"><code><relationship>HAS CONCEPT MOD</relationship><xsl:call-template name="concept"><xsl:with-param name="v" select="'121058'"/><xsl:with-param name="m" select="'Procedure Reported'"/></xsl:call-template><xsl:call-template name="c"><xsl:with-param name="v" select="@code"/><xsl:with-param name="s" select="@system"/><xsl:with-param name="m" select="@display"/></xsl:call-template></code></xsl:for-each>
      <pname><relationship>HAS OBS CONTEXT</relationship><xsl:call-template name="concept"><xsl:with-param name="v" select="'121008'"/><xsl:with-param name="m" select="'Person Observer Name'"/></xsl:call-template><value><last><xsl:value-of select="$h/r:author[1]/@name"/></last></value></pname>
      <xsl:for-each select="r:sections/r:section[r:heading or r:narrative]"><container flag="SEPARATE"><relationship>CONTAINS</relationship><xsl:call-template name="concept"><xsl:with-param name="v" select="r:code[1]/@code"/><xsl:with-param name="s" select="'LN'"/><xsl:with-param name="m" select="r:code[1]/@display"/></xsl:call-template>
        <xsl:for-each select="r:narrative"><text><relationship>CONTAINS</relationship><xsl:call-template name="concept"><xsl:with-param name="v" select="'121071'"/><xsl:with-param name="m" select="'Finding'"/></xsl:call-template><value><xsl:value-of select="."/></value></text></xsl:for-each>
        <xsl:apply-templates select="/r:report/r:findings/r:finding[@section=current()/@id]"/>
      </container></xsl:for-each>
    </container></content></document>
</report></xsl:template>
<xsl:template match="r:finding"><code><relationship>CONTAINS</relationship><xsl:call-template name="concept"><xsl:with-param name="v" select="'121071'"/><xsl:with-param name="m" select="'Finding'"/></xsl:call-template>
  <xsl:if test="@presence='absent'"><code><relationship>HAS CONCEPT MOD</relationship><xsl:call-template name="concept"><xsl:with-param name="v" select="'408729009'"/><xsl:with-param name="s" select="'SCT'"/><xsl:with-param name="m" select="'Finding context'"/></xsl:call-template><xsl:call-template name="c"><xsl:with-param name="v" select="'410516002'"/><xsl:with-param name="s" select="'SCT'"/><xsl:with-param name="m" select="'Known absent'"/></xsl:call-template></code></xsl:if>
  <xsl:for-each select="r:anatomy[r:code]"><code><relationship>HAS CONCEPT MOD</relationship><xsl:call-template name="concept"><xsl:with-param name="v" select="'363698007'"/><xsl:with-param name="s" select="'SCT'"/><xsl:with-param name="m" select="'Finding Site'"/></xsl:call-template><xsl:call-template name="c"><xsl:with-param name="v" select="r:code[1]/@code"/><xsl:with-param name="s"><xsl:call-template name="scheme"><xsl:with-param name="n" select="r:code[1]/@system"/></xsl:call-template></xsl:with-param><xsl:with-param name="m" select="@name"/></xsl:call-template></code></xsl:for-each>
  <xsl:for-each select="r:measurement/r:quantity"><num><relationship>HAS PROPERTIES</relationship><xsl:choose>
      <xsl:when test="../@name='length'"><xsl:call-template name="concept"><xsl:with-param name="v" select="'81827009'"/><xsl:with-param name="s" select="'SCT'"/><xsl:with-param name="m" select="'Diameter'"/></xsl:call-template></xsl:when>
      <xsl:otherwise><xsl:call-template name="concept"><xsl:with-param name="v" select="../@name"/><xsl:with-param name="s" select="'99ROENTEXT'"/><xsl:with-param name="m" select="../@name"/></xsl:call-template></xsl:otherwise></xsl:choose>
    <value><xsl:value-of select="@value"/></value><unit><xsl:call-template name="c"><xsl:with-param name="v" select="@ucum"/><xsl:with-param name="s" select="'UCUM'"/><xsl:with-param name="m" select="@unit"/></xsl:call-template></unit></num></xsl:for-each>
  <text><relationship>INFERRED FROM</relationship><xsl:call-template name="concept"><xsl:with-param name="v" select="'121071'"/><xsl:with-param name="m" select="'Finding'"/></xsl:call-template><value><xsl:value-of select="r:evidence/r:span[@role='head']"/></value></text>
  <xsl:call-template name="c"><xsl:with-param name="v" select="r:code[1]/@code"/><xsl:with-param name="s"><xsl:call-template name="scheme"><xsl:with-param name="n" select="r:code[1]/@system"/></xsl:call-template></xsl:with-param><xsl:with-param name="m" select="@name"/></xsl:call-template></code></xsl:template>
</xsl:stylesheet>
