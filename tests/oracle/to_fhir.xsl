<?xml version="1.0" encoding="UTF-8"?>
<!-- native report -> FHIR R4 Bundle: a second opinion on src/output/fhir.c -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:roentext:report:1" xmlns="http://hl7.org/fhir" exclude-result-prefixes="r">
<xsl:output method="xml" encoding="UTF-8"/>
<xsl:template name="sys"><xsl:param name="s"/><xsl:choose><xsl:when test="$s='LN'">http://loinc.org</xsl:when><xsl:when test="$s='SCT'">http://snomed.info/sct</xsl:when><xsl:when test="$s='RADLEX'">http://www.radlex.org</xsl:when><xsl:when test="$s='RADELEMENT'">https://radelement.org</xsl:when><xsl:when test="$s='DCM'">http://dicom.nema.org/resources/ontology/DCM</xsl:when><xsl:otherwise>urn:roentext:concept</xsl:otherwise></xsl:choose></xsl:template>
<xsl:template match="r:code|r:procedure" mode="coding"><coding><system><xsl:attribute name="value"><xsl:call-template name="sys"><xsl:with-param name="s" select="@system"/></xsl:call-template></xsl:attribute></system><code value="{@code}"/><xsl:if test="@display"><display value="{@display}"/></xsl:if></coding></xsl:template>
<xsl:template match="r:span" mode="prov"><extension url="urn:roentext:fhir:source-span"><extension url="begin"><valueUnsignedInt value="{@b}"/></extension><extension url="end"><valueUnsignedInt value="{@e}"/></extension><extension url="text"><valueString value="{.}"/></extension></extension></xsl:template>
<xsl:template match="/r:report"><xsl:variable name="h" select="r:header"/>
<Bundle><type value="collection"/>
 <entry><fullUrl value="urn:uuid:00000000-0000-4000-8000-000000000001"/><resource><DiagnosticReport>
  <language value="{@xml:lang}"/>
  <text><status value="additional"/><div xmlns="http://www.w3.org/1999/xhtml"><xsl:for-each select="r:sections/r:section[r:heading or r:narrative]"><h3><xsl:value-of select="@title"/></h3><xsl:for-each select="r:narrative"><p><xsl:value-of select="."/></p></xsl:for-each></xsl:for-each></div></text>
  <status><xsl:attribute name="value"><xsl:choose><xsl:when test="@status='addendum'">appended</xsl:when><xsl:when test="@status"><xsl:value-of select="@status"/></xsl:when><xsl:otherwise>unknown</xsl:otherwise></xsl:choose></xsl:attribute></status>
  <category><coding><system value="http://terminology.hl7.org/CodeSystem/v2-0074"/><code value="RAD"/></coding></category>
  <code><coding><system value="http://loinc.org"/><code value="18748-4"/></coding><text value="{$h/r:study/@description}"/></code>
  <xsl:if test="$h/r:patient/@id"><subject><identifier><value value="{$h/r:patient/@id}"/></identifier></subject></xsl:if>
  <xsl:if test="$h/r:study/@date"><effectiveDateTime value="{$h/r:study/@date}"/></xsl:if>
  <xsl:for-each select="r:findings/r:finding|r:grades/r:grade"><result><reference value="urn:uuid:00000000-0000-4000-8000-0000000001{format-number(position(),'00')}"/></result></xsl:for-each>
  <conclusion><xsl:attribute name="value"><xsl:for-each select="r:impression/r:item"><xsl:value-of select="concat(@n,'.',r:span,' ')"/></xsl:for-each></xsl:attribute></conclusion>
 </DiagnosticReport></resource></entry>
 <xsl:for-each select="r:findings/r:finding"><entry><fullUrl value="urn:uuid:00000000-0000-4000-8000-0000000001{format-number(position(),'00')}"/><resource><Observation>
  <xsl:apply-templates select="r:evidence/r:span" mode="prov"/>
  <status value="preliminary"/>
  <category><coding><system value="http://terminology.hl7.org/CodeSystem/observation-category"/><code value="imaging"/></coding></category>
  <code><xsl:apply-templates select="r:code" mode="coding"/><text value="{@name}"/></code>
  <xsl:if test="$h/r:patient/@id"><subject><identifier><value value="{$h/r:patient/@id}"/></identifier></subject></xsl:if>
  <valueCodeableConcept><xsl:choose><xsl:when test="@presence='present'"><coding><system value="http://www.radlex.org"/><code value="RID28472"/></coding></xsl:when><xsl:when test="@presence='absent'"><coding><system value="http://www.radlex.org"/><code value="RID28473"/></coding></xsl:when></xsl:choose><text value="{@presence}"/></valueCodeableConcept>
  <xsl:if test="/r:report/r:critical/r:flag[@finding=current()/@id]"><interpretation><coding><system value="http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"/><code value="AA"/><display value="Critical abnormal"/></coding></interpretation></xsl:if>
  <note><text value="{r:evidence/r:span[@role='head']}"/></note>
  <xsl:for-each select="r:anatomy[1]"><bodySite><xsl:apply-templates select="r:code" mode="coding"/><text value="{@name}"/></bodySite></xsl:for-each>
  <xsl:if test="@laterality"><component><code><text value="laterality"/></code><valueCodeableConcept><text value="{@laterality}"/></valueCodeableConcept></component></xsl:if>
  <xsl:if test="@severity"><component><code><text value="severity"/></code><valueCodeableConcept><text value="{@severity}"/></valueCodeableConcept></component></xsl:if>
  <xsl:if test="@change"><component><code><text value="change"/></code><valueCodeableConcept><text value="{@change}"/></valueCodeableConcept></component></xsl:if>
  <xsl:if test="@count"><component><code><text value="count"/></code><valueInteger value="{@count}"/></component></xsl:if>
  <xsl:for-each select="r:anatomy[position() &gt; 1]"><component><code><text value="anatomy"/></code><valueCodeableConcept><xsl:apply-templates select="r:code" mode="coding"/><text value="{@name}"/></valueCodeableConcept></component></xsl:for-each>
  <xsl:for-each select="r:modifier"><component><code><text value="{@name}"/></code><valueCodeableConcept><xsl:apply-templates select="r:code" mode="coding"/><text value="{@value}"/></valueCodeableConcept></component></xsl:for-each>
  <xsl:for-each select="r:measurement/r:quantity"><component><code><text value="{../@name}"/></code><xsl:choose>
    <xsl:when test="@high"><valueRange><low><value value="{@value}"/><code value="{@ucum}"/></low><high><value value="{@high}"/><code value="{@ucum}"/></high></valueRange></xsl:when>
    <xsl:otherwise><valueQuantity><value value="{@value}"/><xsl:if test="@comparator='&lt;' or @comparator='&gt;'"><comparator value="{@comparator}"/></xsl:if><unit value="{@unit}"/><system value="http://unitsofmeasure.org"/><code value="{@ucum}"/></valueQuantity></xsl:otherwise>
  </xsl:choose></component></xsl:for-each>
 </Observation></resource></entry></xsl:for-each>
 <xsl:for-each select="r:grades/r:grade"><entry><resource><Observation><code><xsl:apply-templates select="r:code" mode="coding"/><text value="{@name}"/></code><valueString value="{@value}"/><note><text value="{r:evidence/r:span}"/></note></Observation></resource></entry></xsl:for-each>
 <xsl:if test=".//r:field"><entry><resource><QuestionnaireResponse><questionnaire value="urn:roentext:template:{$h/r:template/@id}"/><status value="completed"/>
  <xsl:for-each select=".//r:field[not(parent::r:group)]"><item><xsl:call-template name="field"/></item></xsl:for-each>
  <xsl:for-each select=".//r:group"><item><linkId value="{@id}@{@n}"/><text value="{@label}"/><xsl:for-each select="r:field"><item><xsl:call-template name="field"/></item></xsl:for-each></item></xsl:for-each>
 </QuestionnaireResponse></resource></entry></xsl:if>
 <xsl:for-each select="r:qa/r:inconsistency"><entry><resource><DetectedIssue><code><coding><code value="{@check}"/></coding></code><severity><xsl:attribute name="value"><xsl:choose><xsl:when test="@severity='high' or @severity='low'"><xsl:value-of select="@severity"/></xsl:when><xsl:otherwise>moderate</xsl:otherwise></xsl:choose></xsl:attribute></severity><detail value="{@message}"/></DetectedIssue></resource></entry></xsl:for-each>
</Bundle></xsl:template>
<xsl:template name="field"><extension url="urn:roentext:fhir:state"><valueCode value="{@state}"/></extension><linkId><xsl:attribute name="value"><xsl:if test="parent::r:group"><xsl:value-of select="concat(../@id,'@',../@n,'.')"/></xsl:if><xsl:value-of select="@id"/></xsl:attribute></linkId><text value="{@label}"/>
 <xsl:for-each select="r:value"><answer><xsl:choose>
  <xsl:when test="r:code"><valueCoding><code value="{r:code/@code}"/></valueCoding></xsl:when>
  <xsl:when test="@option"><valueCoding><code value="{@option}"/></valueCoding></xsl:when>
  <xsl:when test="r:quantity"><valueQuantity><value value="{r:quantity/@value}"/></valueQuantity></xsl:when>
  <xsl:otherwise><valueString value="{r:text}"/></xsl:otherwise>
 </xsl:choose></answer></xsl:for-each></xsl:template></xsl:stylesheet>
