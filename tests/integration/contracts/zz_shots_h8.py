import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
import pytest
from pathlib import Path
from playwright.sync_api import sync_playwright
from dps.actors import Role, system
from dps.models import Account, Document
from dps.tenancy.identity import acting_as
from tests.factories.kernel import make_region, PASSWORD, make_person
from tests.factories.contracts import *
from tests.factories.contracts import make_agreement as agr
from contracts.services.agreements import make_agreement as job
from contracts.models import Agreement
from tests.integration.contracts.test_publishing import publish
OUT=Path("/tmp/lab/h8/shots"); OUT.mkdir(exist_ok=True)
AXE=os.environ.get("AXE","")

@pytest.mark.django_db(transaction=True)
def test_shots(live_server, settings):
    settings.SECOND_FACTOR_REQUIRED=False
    region=make_region()
    sides=make_sides(region, name="Thimblewood School"); east=make_sides(region, authority=region.east, name="Quarry Lane School")
    for _ in range(6): make_signed(sides)
    for _ in range(5): make_signed(east)
    publish()
    award=make_award(sides)
    boss=system(sides.authority.id)
    with acting_as(boss): job(award_id=str(award.id), actor=boss, now=AWARDED)
    with acting_as(boss):
        a=Agreement.objects.get(award=award); doc=Document.objects.get(id=a.document_id)
        Path("/tmp/lab/h8/agreement.pdf").write_bytes(bytes(doc.content))
    pages={"approver":(sides.approver,["/start/","/agreements/",f"/agreements/1/{a.id}/",f"/agreements/1/{a.id}/sign-for-council/"]),
           "head":(sides.head,["/start/","/agreements/"]),
           "public":(None,["/published-awards/","/published-awards/2026-q4/"])}
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for who,(actor,urls) in pages.items():
            for width in (1280,320):
                c=b.new_context(viewport={"width":width,"height":900}, bypass_csp=True); pg=c.new_page()
                if actor:
                    email=Account.objects.get(person_id=actor.person_id).email
                    pg.goto(live_server.url+"/account/login/"); pg.fill("[name=login]",email); pg.fill("[name=password]",PASSWORD); pg.press('[name=password]','Enter'); pg.wait_for_url('**/start/')
                for n,u in enumerate(urls):
                    pg.goto(live_server.url+u)
                    if "reauth" in pg.url:
                        pg.fill('[name=password]',PASSWORD); pg.press('[name=password]','Enter'); pg.wait_for_url('**/sign-for*'); 
                    pg.screenshot(path=str(OUT/f"{who}{n}_{width}.png"), full_page=True)
                    wide=pg.evaluate("document.documentElement.scrollWidth")
                    print(who,n,width,pg.url,"scrollWidth",wide)
                    if AXE:
                        pg.add_script_tag(path=AXE)
                        v=pg.evaluate("axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r=>r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.target.join(' ')).slice(0,3).join(' | ')))")
                        if v: print("AXE",who,n,width,v)
                    # error state on sign
                    if "sign-for" in pg.url:
                        pg.fill("[name=name]","Nobody"); pg.click("main .govuk-button:has-text('Sign')"); pg.screenshot(path=str(OUT/f"{who}{n}e_{width}.png"), full_page=True)
                c.close()
        b.close()
