"""What things are called towards residents: intents, categories, statuses, kinds and stages."""

from dialogues.texts import Text, _

INTENTS: dict[str, Text] = {
    "report_problem": _("Report a problem"),
    "check_case": _("My reported problems"),
    "check_application": _("Where is my application?"),
    "talk_to_human": _("Talk to a person"),
    "help": _("What can you do?"),
    "change_language": _("Change language"),
    "book_appointment": _("Book an appointment"),
    "propose_topic": _("Propose something for the quarter"),
    "browse_proposals": _("See proposals"),
    "delete_my_data": _("My data"),
    "faq/residence_registration": _("Registering with the police"),
    "faq/residence_permit": _("Residence permit"),
    "faq/work_permit": _("Work permit"),
    "faq/single_window": _("Single window for talents"),
    "faq/visa": _("Visa"),
    "faq/tax": _("Tax"),
    "faq/social_insurance": _("Social insurance"),
    "faq/driving_licence": _("Driving licence"),
    "faq/school": _("School and kindergarten"),
    "faq/healthcare": _("Doctors and hospitals"),
    "faq/bank_account": _("Bank account, payment, SIM card"),
    "faq/housing_lease": _("Renting a home"),
    "faq/dog_licence": _("Dog licence"),
    "faq/waste_sorting": _("Waste sorting"),
    "faq/parking_permit": _("Parking permit"),
    "faq/ev_charging": _("Charging cars and e-bikes"),
    "faq/opening_hours": _("Opening hours"),
    "faq/location": _("Where the centre is"),
    "faq/contact": _("Contact"),
    "faq/emergency_numbers": _("Emergency numbers"),
    "faq/interpretation": _("Translation and interpreters"),
    "faq/community_activities": _("Courses and activities"),
    "faq/meeting_hall": _("Citizens' Meeting Hall"),
    "faq/talent_services": _("Services for foreign talents"),
    "faq/lost_passport": _("Lost passport"),
    "faq/newborn": _("Newborn child"),
    "faq/marriage": _("Marriage"),
}

CATEGORIES: dict[str, Text] = {
    "noise": _("Noise"),
    "pets": _("Pets"),
    "waste": _("Waste"),
    "parking": _("Parking"),
    "repair": _("Something broken"),
    "safety": _("Danger, safety"),
    "utilities": _("Water, power, gas, internet"),
    "management": _("Property management"),
    "other": _("Something else"),
}

CASE_STATUSES: dict[str, Text] = {
    "new": _("new"),
    "in_progress": _("in progress"),
    "resolved": _("resolved"),
    "closed": _("closed"),
}

APPLICATION_KINDS: dict[str, Text] = {
    "residence_registration": _("Residence registration"),
    "residence_permit": _("Residence permit"),
    "work_permit": _("Work permit"),
    "single_window": _("Work and residence permit together (single window)"),
    "visa": _("Visa"),
    "tax_refund": _("Tax refund"),
}

STAGES: dict[str, Text] = {
    "received": _("received"),
    "in_review": _("being examined"),
    "documents_missing": _("waiting for documents from you"),
    "approved": _("approved"),
    "ready_for_collection": _("ready for collection"),
    "collected": _("collected"),
    "refused": _("refused"),
}

NEXT_STEPS: dict[str, Text] = {
    "received": _("It will be examined next. You need not do anything now."),
    "in_review": _("The office is examining it. You need not do anything now."),
    "documents_missing": _("Please hand in what is missing at the centre's counter."),
    "approved": _("The document is being made. You will be able to collect it soon."),
    "ready_for_collection": _("You can collect it at the centre's counter. Bring your passport and the receipt."),
    "collected": _("It has been collected; nothing is left to do."),
    "refused": _("Please ask at the centre's counter for the reason and what you can do."),
}

DOCUMENTS: dict[str, Text] = {
    "photo": _("a passport photo"),
    "lease": _("the lease of your home"),
    "employment_contract": _("your employment contract"),
    "health_certificate": _("the health certificate"),
    "bank_statement": _("a bank statement"),
}
