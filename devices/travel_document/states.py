"""Which state's authority may vouch for which documents (ICAO 9303-12, 7.1.1.1; 9303-3, 5).

A zone names its state by three letters, a certificate by two. Of most states the two are the first of the three; those
of which they are not (ISO 3166-1) stand here, and the few codes that are ICAO's own.
"""

_PAIRS = (
    "ABW:AW AGO:AO ALA:AX AND:AD ARE:AE ARM:AM ATA:AQ ATF:TF ATG:AG AUT:AT BDI:BI BEN:BJ BES:BQ BGD:BD BHS:BS "
    "BIH:BA BLR:BY BLZ:BZ BRB:BB BRN:BN CAF:CF CHL:CL CHN:CN COD:CD COG:CG COK:CK COM:KM CPV:CV CUW:CW CYM:KY "
    "D:DE DNK:DK ESH:EH EST:EE FLK:FK FRO:FO FSM:FM GIN:GN GLP:GP GNB:GW GNQ:GQ GRD:GD GRL:GL GUF:GF GUY:GY "
    "IRL:IE IRQ:IQ ISR:IL JAM:JM KAZ:KZ KOR:KR LBR:LR LBY:LY MAC:MO MAF:MF MDG:MG MDV:MV MEX:MX MLT:MT MNE:ME "
    "MNP:MP MOZ:MZ MTQ:MQ MYT:YT NIU:NU PAK:PK PCN:PN PLW:PW PNG:PG POL:PL PRK:KP PRT:PT PRY:PY PYF:PF RKS:KS "
    "SEN:SN SGS:GS SLB:SB SLV:SV SPM:PM SRB:RS SUR:SR SVK:SK SVN:SI SWE:SE SWZ:SZ SYC:SC TCD:TD TKM:TM TUN:TN "
    "TUR:TR TUV:TV UKR:UA URY:UY WLF:WF"
)
_OTHERWISE = dict(pair.split(":") for pair in _PAIRS.split())
_ALSO = {"CHN": {"HK", "MO"}}  # passports of both special administrative regions name CHN; each signs its own


def may_sign(country: str, state: str) -> bool:
    """Whether an authority of ``country`` (of its certificate, upper case) signs documents of ``state`` (as in the
    MRZ). Some authorities write the three letters into their certificates."""
    return bool(country) and country in {state, _OTHERWISE.get(state, state[:2]), *_ALSO.get(state, ())}
